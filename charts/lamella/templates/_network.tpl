{{/* Who may scrape. */}}
{{- define "lamella.scrapers" -}}
{{- with .Values.networkPolicy.prometheus }}
{{- toYaml . }}
{{- else -}}
- namespaceSelector: {}
{{- end }}
{{- end -}}

{{/* The way to the API server. */}}
{{- define "lamella.toApiServer" -}}
{{- $policy := .Values.networkPolicy -}}
- ports:
  {{- range $policy.apiServerPorts }}
  - {port: {{ . }}, protocol: TCP}
  {{- end }}
  {{- with $policy.apiServer }}
  to:
  {{- range . }}
  - ipBlock: {cidr: {{ . }}}
  {{- end }}
  {{- end }}
{{- end -}}
