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
