"""Reports: the findings of an analysis as text, tables, figures and a manifest; one file for each analysis."""
