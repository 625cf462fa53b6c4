// SPDX-License-Identifier: Apache-2.0
// Starts ReDoc; a file of its own, because the page's policy allows no inline script. The fonts are the system's: none is fetched.
Redoc.init(
  '../openapi.json',
  {
    expandResponses: '200,201',
    theme: {
      typography: {
        fontFamily: 'system-ui, sans-serif',
        headings: { fontFamily: 'system-ui, sans-serif' },
        code: { fontFamily: 'ui-monospace, monospace' },
      },
    },
  },
  document.getElementById('redoc'),
);
