#!/bin/sh
# Publishes a film from a script:
#
#     publish.sh --title "Big Buck Bunny" --year 2008 film.mp4     (options: flix ingest --help)
#
# Prints the title and its package as JSON; progress goes to stderr, one event a line. Run it again after a failure, or
# twice by mistake: there is one title in the end.
set -eu

# Without them flix would act as whoever is signed in on this machine. GitHub makes an empty one of a secret that is not set.
for name in FLIX_SERVER FLIX_CLIENT_ID FLIX_CLIENT_SECRET; do
  if [ -z "$(printenv "$name")" ]; then
    echo "error: $name is not set: README.md says where it comes from" >&2
    exit 2
  fi
done

# exec, so that whoever stops this script stops the encode. No input: there is nobody to answer.
exec flix ingest --publish --json "$@" </dev/null
