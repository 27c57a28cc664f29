"""The pages in a real browser. A package, so that the site and the browser they share end with the last of them."""
