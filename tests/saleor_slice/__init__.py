"""A stand-in for Saleor on machines that have none. It is NOT Saleor.

It offers the slice of Saleor 3.23 that a checkout with a payment plugin uses: the
modules that the plugin imports (the package ``saleor`` in this folder, importable
only in this process) and the GraphQL API that a storefront and the dashboard call
(``api``). It is for tests and demonstrations, and is never shipped.

``tests/drift`` compares it with a real Saleor, name by name.
"""

NOTICE = "This is NOT Saleor, but a stand-in for tests of the DGS-Pay plugin."
