{{- define "lamella.name" -}}
{{ default .Release.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end -}}

{{- define "lamella.devicePlugin" -}}
{{ default (printf "%s-device-plugin" (include "lamella.name" .)) .Values.devicePlugin.serviceAccount.name }}
{{- end -}}

{{- define "lamella.schedulerExtender" -}}
{{ default (printf "%s-scheduler-extender" (include "lamella.name" .)) .Values.schedulerExtender.serviceAccount.name }}
{{- end -}}

{{/* Labels of one part: (list $ "device-plugin"). */}}
{{- define "lamella.labels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: lamella
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
