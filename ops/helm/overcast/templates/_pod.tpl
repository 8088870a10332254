{{/*
A Pod of one part: restricted, with its settings, secrets and files.
Given: root, name, part, args; ports (name: number), probe (a port's name), volumes, mounts,
grace, restartPolicy, spread.
*/}}

{{- define "overcast.podTemplate" -}}
metadata:
  labels: {{- include "overcast.labels" . | nindent 4 }}
  annotations:
    checksum/settings: {{ include "overcast.configData" . | sha256sum }}
    checksum/secrets: {{ toJson (list .root.Values.secrets .part.secrets) | sha256sum }}
    {{- with .part.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
spec: {{- include "overcast.podSpec" . | nindent 2 }}
{{- end -}}

{{- define "overcast.podSpec" -}}
serviceAccountName: {{ include "overcast.fullname" .root }}-{{ .name }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .restartPolicy }}
restartPolicy: {{ . }}
{{- end }}
{{- with .grace }}
terminationGracePeriodSeconds: {{ int . }}
{{- end }}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: {{ .container | default .name }}
    image: {{ include "overcast.image" .root }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    args: {{- toYaml .args | nindent 6 }}
    envFrom:
      - configMapRef:
          name: {{ include "overcast.fullname" .root }}-{{ .name }}
    {{- if include "overcast.secretName" . }}
    env:
      - name: OVERCAST_SECRETS_DIR
        value: /run/secrets/overcast
    {{- end }}
    {{- with .ports }}
    ports:
      {{- range $name, $port := . }}
      - name: {{ $name }}
        containerPort: {{ $port }}
      {{- end }}
    {{- end }}
    {{- if .ports }}{{ include "overcast.probes" . | nindent 4 }}{{ end }}
    resources: {{- toYaml (default dict .part.resources) | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
    volumeMounts:
      - name: tmp
        mountPath: /tmp
      {{- if include "overcast.secretName" . }}
      - name: secrets
        mountPath: /run/secrets/overcast
        readOnly: true
      {{- end }}
      {{- range (include "overcast.files" . | fromYaml).files }}
      - name: {{ .name }}
        mountPath: {{ .at }}
        readOnly: true
      {{- end }}
      {{- with .mounts }}{{ toYaml . | nindent 6 }}{{ end }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 256Mi
  {{- with include "overcast.secretName" . }}
  - name: secrets
    secret:
      secretName: {{ . }}
      defaultMode: 0440
  {{- end }}
  {{- range (include "overcast.files" . | fromYaml).files }}
  - name: {{ .name }}
    {{- if .secret }}
    secret:
      secretName: {{ .secret }}
      defaultMode: 0440
    {{- else }}
    configMap:
      name: {{ .configMap }}
    {{- end }}
  {{- end }}
  {{- with .volumes }}{{ toYaml . | nindent 2 }}{{ end }}
{{- with .part.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .part.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .part.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .part.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .spread }}
topologySpreadConstraints:
  {{- range . }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "overcast.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* /live: restart it if this fails. /ready: send it nothing, but do not restart it. */}}
{{- define "overcast.probes" -}}
startupProbe:
  httpGet: {path: /live, port: metrics}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /live, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /ready, port: metrics}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
{{- end -}}
