package dev.lamella.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Kubernetes' schema of one version, as client-java's generator has cast it into models: they
 * refuse fields that the version does not know, missing ones, and wrong types.
 */
final class Schema {

  /** Definitions that others bring into a cluster; nothing here knows their schema. */
  private static final Set<String> FOREIGN = Set.of("monitoring.coreos.com", "cert-manager.io");

  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private final ClassLoader models;

  private Schema(ClassLoader models) {
    this.models = models;
  }

  /** The newest version is the class path's; the oldest has a class loader of its own. */
  static Schema of(String version) {
    return SCHEMAS.computeIfAbsent(
        version,
        v -> new Schema(v.startsWith("v1.31.") ? oldest() : Schema.class.getClassLoader()));
  }

  /** What is wrong with an object; empty if nothing is. */
  List<String> faults(JsonNode object) {
    String group = object.path("apiVersion").asText().replaceFirst("/?[^/]*$", "");
    if (FOREIGN.contains(group)) {
      return List.of();
    }
    String version = object.path("apiVersion").asText().replaceFirst(".*/", "");
    String kind = object.path("kind").asText();
    String name = "io.kubernetes.client.openapi.models." + version.replaceFirst("v", "V") + kind;
    try {
      Class<?> model = models.loadClass(name);
      JsonElement json = JsonParser.parseString(object.toString());
      model.getMethod("validateJsonElement", JsonElement.class).invoke(null, json);
      model.getMethod("fromJson", String.class).invoke(null, object.toString());
      return List.of();
    } catch (InvocationTargetException e) {
      return List.of(String.valueOf(e.getCause()));
    } catch (ReflectiveOperationException e) {
      return List.of("this version has no " + object.path("apiVersion") + " " + kind + ": " + e);
    }
  }

  private static ClassLoader oldest() {
    try {
      URL jar = Path.of(System.getProperty("lamella.oldest-api")).toUri().toURL();
      return new OwnModels(jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Finds the API's classes in its own jar first, all others where everybody does. */
  private static final class OwnModels extends URLClassLoader {

    OwnModels(URL jar) {
      super(new URL[] {jar}, Schema.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      String file = name.replace('.', '/') + ".class";
      if (!name.startsWith("io.kubernetes.") || findResource(file) == null) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? findClass(name) : known;
      }
    }
  }
}
