package io.platformkit.ml.serving;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.Backoff;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Timers;
import io.platformkit.ml.ModelLoader;
import io.platformkit.ml.batching.BatcherBuilder;
import io.platformkit.ml.registry.ModelRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a server was built with. */
record Settings(
    ModelRegistry registry,
    ModelLoader loader,
    List<String> models,
    int maxModels,
    long maxBytes,
    int maxItems,
    int separateLanes,
    int separateWaiting,
    Duration timeout,
    Consumer<BatcherBuilder> batching,
    @Nullable PredictionCache cache,
    Timers timers,
    Backoff backoff,
    MeterRegistry meters,
    ErrorHandler errors) {}
