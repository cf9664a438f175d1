/** What a delivered message and an idle connection cost a server, beside the peers. */
@NullMarked
package io.platformkit.benchmarks.realtime;

import org.jspecify.annotations.NullMarked;
