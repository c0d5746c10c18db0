# shellcheck shell=bash
# How a JVM that runs Graft is started, for scripts to source: the environment, and the options in graft_java_options.

# Tensors live outside the Java heap, which is small: a small young generation is collected in passing, where the default
# one would fill a hundred megabytes with handles first.
# shellcheck disable=SC2034 # used by whoever sources this
graft_java_options=(-Dfile.encoding=UTF-8 -Djava.awt.headless=true -XX:+UseSerialGC -Xms32m -Xmn16m)

# libtorch and MKL share one OpenMP runtime instead of spinning in two, and freed memory is kept for the next step, since
# taking it from the system again costs a page fault for every 4 KiB. With one arena it stays in one piece. Threads that wait
# spin for some microseconds and then sleep: where other programs run too, spinning for milliseconds, as the runtime does by
# itself, takes the processor from the very thread that is waited for.
export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-3000}
export MKL_THREADING_LAYER=${MKL_THREADING_LAYER:-GNU}
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}
export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-268435456}
export MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-536870912}
