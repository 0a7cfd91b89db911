"""The words of the site: catalogues, languages of pages, formats."""
