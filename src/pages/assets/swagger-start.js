// SPDX-License-Identifier: Apache-2.0
// Starts Swagger UI; a file of its own, because the page's policy allows no inline script. No validator badge: it would ask another host.
SwaggerUIBundle({
  url: '../openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  docExpansion: 'none',
  filter: true,
  persistAuthorization: false,
});
