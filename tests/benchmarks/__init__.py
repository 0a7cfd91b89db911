"""What is measured by hand or nightly and never gates: see README.md in this folder."""
