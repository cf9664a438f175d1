package io.platformkit.core;

import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/** Makes a primitive component of a record required: its absence is not zero. */
final class RequiredPrimitives extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  @Override
  public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
    Boolean annotated = super.hasRequiredMarker(config, member);
    if (annotated == null && member.getRawType().isPrimitive()) {
      return true;
    }
    return annotated;
  }
}
