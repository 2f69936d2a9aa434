{{/* "true" if a CDI spec is written. */}}
{{- define "lamella.usesCdi" -}}
{{- range .Values.devicePlugin.deviceListStrategies }}{{ if hasPrefix "cdi-" . }}true{{ end }}{{ end -}}
{{- end -}}

{{/* "true" if device nodes are named to the kubelet or in a CDI spec. */}}
{{- define "lamella.namesDevices" -}}
{{ if .Values.devicePlugin.passDeviceSpecs }}true{{ else }}{{ include "lamella.usesCdi" . }}{{ end }}
{{- end -}}

{{/* Nodes that have a GPU as far as somebody has said so, or those of a layout file. */}}
{{- define "lamella.gpuNodes" -}}
nodeAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    nodeSelectorTerms:
    {{- if eq .Values.devicePlugin.driver.from "simulated" }}
    {{- range .Values.devicePlugin.driver.layout.nodes }}
    - matchFields:
      - {key: metadata.name, operator: In, values: [{{ .name | quote }}]}
    {{- end }}
    {{- else }}
    {{- range $key := list
        "feature.node.kubernetes.io/pci-10de.present"
        "feature.node.kubernetes.io/pci-0300_10de.present"
        "feature.node.kubernetes.io/pci-0302_10de.present"
        "nvidia.com/gpu.present"
        "lamella.dev/gpu" }}
    - matchExpressions:
      - {key: {{ $key }}, operator: In, values: ["true"]}
    {{- end }}
    {{- end }}
{{- end -}}

{{/* Environment of the daemon. LD_BIND_NOW must not be in it: NVML's functions are bound lazily,
     since a driver need not have them all. */}}
{{- define "lamella.devicePluginEnv" -}}
{{- $plugin := .Values.devicePlugin -}}
- name: NODE_NAME
  valueFrom:
    fieldRef: {fieldPath: spec.nodeName}
# One arena instead of several per processor: a third of the resident set on large nodes.
- {name: MALLOC_ARENA_MAX, value: "1"}
{{- if eq $plugin.driver.from "runtime" }}
# The NVIDIA runtime puts all GPUs, and the libraries of nvidia-smi's kind, into the container.
- {name: NVIDIA_VISIBLE_DEVICES, value: all}
- {name: NVIDIA_DRIVER_CAPABILITIES, value: utility}
{{- if $plugin.migMonitor }}
# The runtime refuses this one to containers without SYS_ADMIN.
- {name: NVIDIA_MIG_MONITOR_DEVICES, value: all}
{{- end }}
{{- end }}
{{- with $plugin.jvmOptions }}
- {name: JAVA_TOOL_OPTIONS, value: {{ . | quote }}}
{{- end }}
{{- with $plugin.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "lamella.devicePluginSecurity" -}}
{{- $plugin := .Values.devicePlugin -}}
# The kubelet's sockets and folders are root's.
runAsUser: 0
runAsGroup: 0
readOnlyRootFilesystem: true
{{- if eq $plugin.driver.from "host" }}
# Without the NVIDIA runtime nothing else lets a container open the GPUs' device nodes.
privileged: true
{{- else }}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
  {{- if and $plugin.migMonitor (eq $plugin.driver.from "runtime") }}
  # Where a GPU instance lies on its GPU is told to administrators only.
  add: [SYS_ADMIN]
  {{- end }}
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- with $plugin.seLinuxOptions }}
seLinuxOptions:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
