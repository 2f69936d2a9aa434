{{/* The certificate that the chart makes, as the Secret's data: the one that the cluster has, or a
     new one if there is none or it is in its last year. Made once in a rendering, since the webhook
     must trust the very authority that signed it. `helm template` sees no cluster: a new one each
     time. */}}
{{- define "lamella.generated" -}}
{{- if not (hasKey .Values "generatedCertificate") }}
{{- $secret := lookup "v1" "Secret" .Release.Namespace (include "lamella.extenderSecret" .) }}
{{- $annotations := dict }}
{{- if $secret }}{{ $annotations = $secret.metadata.annotations | default dict }}{{ end }}
{{- $notAfter := index $annotations "lamella.dev/not-after" | default "0" | int64 }}
{{- $renewFrom := now | unixEpoch | int64 | add 31536000 }}
{{- if and $secret (gt $notAfter $renewFrom) }}
{{- $_ := set .Values "generatedCertificate" (dict "notAfter" $notAfter "data" $secret.data) }}
{{- else }}
{{- $names := include "lamella.extenderDnsNames" . | fromYamlArray }}
{{- $ca := genCA (printf "%s-ca" (include "lamella.name" .)) 3650 }}
{{- $leaf := genSignedCert (first $names) nil $names 3650 $ca }}
{{- $data := dict "ca.crt" (b64enc $ca.Cert) "tls.crt" (b64enc $leaf.Cert) "tls.key" (b64enc $leaf.Key) }}
{{- $until := now | unixEpoch | int64 | add 315360000 }}
{{- $_ := set .Values "generatedCertificate" (dict "notAfter" $until "data" $data) }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Who signed the extender's certificate, base64 of PEM, for a webhook's caBundle. Empty with
     cert-manager, which puts it in itself (annotation cert-manager.io/inject-ca-from:
     NAMESPACE/CERTIFICATE, see lamella.certificate), and if nobody knows yet. */}}
{{- define "lamella.caBundle" -}}
{{- $tls := .Values.schedulerExtender.tls }}
{{- if eq $tls.mode "generated" }}
{{- include "lamella.generated" . }}
{{- index .Values.generatedCertificate.data "ca.crt" }}
{{- else if and (eq $tls.mode "secret") $tls.caBundle }}
{{- b64enc $tls.caBundle }}
{{- else if eq $tls.mode "secret" }}
{{- $secret := lookup "v1" "Secret" .Release.Namespace $tls.secretName }}
{{- if $secret }}{{ index $secret.data "ca.crt" | default "" }}{{ end }}
{{- end }}
{{- end -}}

{{/* NAMESPACE/NAME of cert-manager's Certificate. */}}
{{- define "lamella.certificate" -}}
{{ .Release.Namespace }}/{{ include "lamella.name" . }}-scheduler-extender
{{- end -}}
