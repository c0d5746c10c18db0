#!/usr/bin/env bash
# Runs a measurement of Graft under the launcher's settings: benchmarks/run.sh train|generate [OPTION...], or
# benchmarks/run.sh jmh [JMH OPTION...]. Build first: mvn package -DskipTests -pl benchmarks -am
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$here/target
[ -f "$target/classpath" ] || {
    echo "run.sh: nothing is built; run mvn package -DskipTests -pl benchmarks -am in $(dirname "$here")" >&2
    exit 2
}
source "$here/../distributions/standalone/environment.sh"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
main=dev.graft.benchmarks.Main
if [ "${1:-}" = jmh ]; then
    main=org.openjdk.jmh.Main
    shift
fi
# shellcheck disable=SC2086 # several options are several words
exec "$java" "${graft_java_options[@]}" ${GRAFT_JAVA_OPTIONS:-} -cp "$target/classes:$(cat "$target/classpath")" "$main" "$@"
