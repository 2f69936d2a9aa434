{{/* The second scheduler's account. */}}
{{- define "lamella.scheduler" -}}
{{ include "lamella.name" . }}-scheduler
{{- end -}}

{{/* ConfigMap of its KubeSchedulerConfiguration, key config.yaml. */}}
{{- define "lamella.schedulerConfigName" -}}
{{ include "lamella.name" . }}-scheduler-config
{{- end -}}

{{/* Image tag of the cluster's version, without what distributions append to it. */}}
{{- define "lamella.kubernetesTag" -}}
{{ regexFind "^v[0-9]+\\.[0-9]+\\.[0-9]+" .Capabilities.KubeVersion.Version }}
{{- end -}}

{{/* What is in that ConfigMap, so that its change restarts the scheduler. */}}
{{- define "lamella.schedulerConfig" -}}
{{- range $path, $unused := .Files.Glob "files/*.yaml" }}{{ $.Files.Get $path }}{{ end -}}
{{ toJson .Values.scheduler }}{{ include "lamella.extenderUrl" . }}
{{- end -}}
