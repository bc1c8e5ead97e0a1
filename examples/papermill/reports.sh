#!/bin/sh
# Makes a page for each country that is named: report-DE.html, report-US.html, …
set -eu
for country in "$@"; do
  papermill --kernel posthog report.ipynb "report-$country.ipynb" --parameters country "$country"
  jupyter nbconvert --to html --template posthog "report-$country.ipynb"
done
