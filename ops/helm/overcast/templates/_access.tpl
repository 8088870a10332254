{{/* What a part is given: settings, secrets, files. Given: root, name, part. */}}

{{- define "overcast.configData" -}}
OVERCAST_METRICS_HOST: "0.0.0.0"
OVERCAST_METRICS_PORT: "9464"
{{- if eq .name "dashboard" }}
OVERCAST_DASHBOARD_HOST: "0.0.0.0"
OVERCAST_DASHBOARD_PORT: "8600"
{{- end }}
{{- range $name, $value := merge dict (default dict .part.settings) .root.Values.settings }}
OVERCAST_{{ upper $name }}: {{ include "overcast.text" $value | quote }}
{{- end }}
{{- end -}}

{{/* The name of the Secret with a part's secret settings; "" if it has none. */}}
{{- define "overcast.secretName" -}}
{{- $own := default dict .part.secrets -}}
{{- $full := include "overcast.fullname" .root -}}
{{- if $own.existing }}{{ $own.existing -}}
{{- else if $own.values }}{{ printf "%s-%s" $full .name -}}
{{- else if .root.Values.secrets.existing }}{{ .root.Values.secrets.existing -}}
{{- else if .root.Values.secrets.values }}{{ $full -}}
{{- end -}}
{{- end -}}

{{- define "overcast.files" -}}
{{- $files := default .root.Values.files .part.files -}}
{{- toYaml (dict "files" (default list $files)) -}}
{{- end -}}

{{- define "overcast.config" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "overcast.fullname" .root }}-{{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "overcast.labels" . | nindent 4 }}
data: {{- include "overcast.configData" . | nindent 2 }}
---
{{- with (default dict .part.secrets).values }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "overcast.fullname" $.root }}-{{ $.name }}
  namespace: {{ $.root.Release.Namespace }}
  labels: {{- include "overcast.labels" $ | nindent 4 }}
stringData: {{- toYaml . | nindent 2 }}
---
{{- end }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "overcast.fullname" .root }}-{{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "overcast.labels" . | nindent 4 }}
  {{- with .part.serviceAccountAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end -}}
