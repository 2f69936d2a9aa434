package dev.lamella.deviceplugin.usage;

import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** NVML with a clock on each call. */
public final class MeasuredNvml {

  /** Who is told of each call, on the thread that made it. */
  public interface Listener {

    /**
     * @param call the method of {@link Nvml}
     */
    void called(String call, long nanos);

    /**
     * @param function the function that failed, such as nvmlDeviceGetUUID
     * @param status its status' name
     */
    void failed(String function, String status);
  }

  private MeasuredNvml() {}

  /** The same NVML, whose calls are told to a listener. */
  public static Nvml of(Nvml nvml, Listener listener) {
    return (Nvml)
        Proxy.newProxyInstance(
            Nvml.class.getClassLoader(),
            new Class<?>[] {Nvml.class},
            (proxy, method, arguments) -> call(nvml, listener, method, arguments));
  }

  private static Object call(Nvml nvml, Listener listener, Method method, Object... arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return method.invoke(nvml, arguments);
    }
    long started = System.nanoTime();
    try {
      return method.invoke(nvml, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof NvmlException failed) {
        listener.failed(failed.call(), failed.status().name());
      }
      throw e.getCause();
    } finally {
      listener.called(method.getName(), System.nanoTime() - started);
    }
  }
}
