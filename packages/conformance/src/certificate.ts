/** Self-signed for localhost, for tests only. */
export const certificate: { readonly key: string; readonly cert: string } = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgu1VgN6u2dQyd0VxE
9Iu/9CGT+8ynC9QDSpguaig+HoihRANCAAQnRQC/2cyx1bzH/8FaoEquIi952sjm
bK5k6QDs4fer0Q4lgM7huPwb8xoWlrK97cacPMQgO6GfPZhWk3nFOeXp
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUFOv5IsqScqYhDC2K5HBbVI08xdowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTA0Mjc0MVoYDzIxMjYxMDI4
MDQyNzQxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQnRQC/2cyx1bzH/8FaoEquIi952sjmbK5k6QDs4fer0Q4lgM7huPwb
8xoWlrK97cacPMQgO6GfPZhWk3nFOeXpo2kwZzAdBgNVHQ4EFgQUgG1/+N+XhQnx
bCppcjh4LymOpjQwHwYDVR0jBBgwFoAUgG1/+N+XhQnxbCppcjh4LymOpjQwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIhALq+piCk8VTRswULg4h+9OCIhS6sXaEIp28PT18S3pmhAiBX27VydWtY
RafYPbkBwMk0tP1AfN++FA5zuNjRaVHV8w==
-----END CERTIFICATE-----`,
}
