/** What a device shows a platform in CONNECT. */
export interface Credentials {
  clientId: string;
  username: string;
  password: string;
}
