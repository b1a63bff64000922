"""Reports: what an analysis found, told in text and kept as tables, figures and a manifest; a file for each analysis."""
