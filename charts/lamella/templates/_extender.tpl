{{/* The Secret of the extender's certificate: tls.crt, tls.key, ca.crt. */}}
{{- define "lamella.extenderSecret" -}}
{{ default (printf "%s-scheduler-extender-tls" (include "lamella.name" .)) .Values.schedulerExtender.tls.secretName }}
{{- end -}}

{{/* The Service of the verbs, which selects the leader. */}}
{{- define "lamella.extenderService" -}}
{{ include "lamella.name" . }}-scheduler-extender
{{- end -}}

{{/* The Service of the webhook and of reads, which selects every ready replica. */}}
{{- define "lamella.webhookService" -}}
{{ include "lamella.name" . }}-webhook
{{- end -}}

{{- define "lamella.extenderScheme" -}}
{{ if eq .Values.schedulerExtender.tls.mode "none" }}http{{ else }}https{{ end }}
{{- end -}}

{{/* Where kube-scheduler finds the verbs. */}}
{{- define "lamella.extenderUrl" -}}
{{ include "lamella.extenderScheme" . }}://{{ include "lamella.extenderService" . }}.{{ .Release.Namespace }}.svc:{{ .Values.schedulerExtender.port }}
{{- end -}}

{{/* Names that the certificate must have. */}}
{{- define "lamella.extenderDnsNames" -}}
{{- $namespace := .Release.Namespace }}
{{- range $service := list (include "lamella.extenderService" .) (include "lamella.webhookService" .) }}
- {{ $service }}
- {{ $service }}.{{ $namespace }}
- {{ $service }}.{{ $namespace }}.svc
- {{ $service }}.{{ $namespace }}.svc.cluster.local
{{- end }}
{{- end -}}

{{/* The configuration file: the user's keys and, where those are silent, what the chart sets. */}}
{{- define "lamella.extenderConfig" -}}
{{- $chart := dict }}
{{- $tls := .Values.schedulerExtender.tls }}
{{- if .Values.schedulerExtender.leaderElection.enabled }}
{{- $_ := set $chart "leader" (dict "elect" true "lease" (include "lamella.extenderService" .)) }}
{{- end }}
{{- if eq $tls.mode "selfManaged" }}
{{- $_ := set $chart "certificates" (include "lamella.certificatesConfig" . | fromYaml) }}
{{- else if ne $tls.mode "none" }}
{{- $_ := set $chart "tls" (dict "certFile" "/etc/lamella/tls/tls.crt" "keyFile" "/etc/lamella/tls/tls.key") }}
{{- end }}
{{- $_ := merge $chart (include "lamella.webhookConfig" . | fromYaml) }}
{{- merge (deepCopy .Values.schedulerExtender.config) $chart | toYaml }}
{{- end -}}
