package io.platformkit.examples.modelserver;

import ai.onnx.proto.OnnxMl;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.Example;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.OutputFactory;
import org.tribuo.datasource.ListDataSource;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** What both trained models need of Tribuo. */
final class Generated {
  private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

  static {
    TRIBUO.setLevel(Level.WARNING); // it tells each epoch
  }

  private Generated() {}

  static <T extends Output<T>> MutableDataset<T> dataset(
      String name, OutputFactory<T> factory, List<Example<T>> examples) {
    var source = new SimpleDataSourceProvenance("generated " + name, factory);
    return new MutableDataset<>(new ListDataSource<>(examples, factory, source));
  }

  /** The file without who made it when, so that the same training gives the same bytes. */
  static byte[] bytes(OnnxMl.ModelProto model) {
    return model.toBuilder().clearMetadataProps().build().toByteArray();
  }
}
