//! The bytes of an overlay for a fixed document.
#![no_main]

const DOCUMENT: &str = "
openapi: 3.0.3
info: { title: Pets, version: '1' }
servers: [{ url: https://pets.example.com }]
paths:
  /pets/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      operationId: getPet
      responses:
        '200':
          description: A pet
          content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } }
    post:
      requestBody:
        content: { application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/Pet' } } }
      responses: { default: { description: Done } }
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: { type: string, enum: [a, b] }
        age: { type: integer, minimum: 0 }
        friends: { type: array, items: { $ref: '#/components/schemas/Pet' } }
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
";

libfuzzer_sys::fuzz_target!(|overlay: &str| specmint_fuzz::generate(DOCUMENT, Some(overlay)));
