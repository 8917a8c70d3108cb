package se.samflode.demo;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/** Keeps what only single tests use out of the demo, whose class path holds it too. */
final class NoTestCode extends TypeExcludeFilter {

  @Override
  public boolean match(MetadataReader reader, MetadataReaderFactory factory) {
    return reader.getAnnotationMetadata().isAnnotated(TestComponent.class.getName())
        || reader
            .getAnnotationMetadata()
            .isAnnotated("org.springframework.boot.test.context.TestConfiguration");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NoTestCode;
  }

  @Override
  public int hashCode() {
    return NoTestCode.class.hashCode();
  }
}
