// The generated definition of the seed's service, as grpc-js wants one: paths, and how its messages become bytes and
// back. Knows nothing of what the calls do (service.ts).
import type { MethodDefinition } from "@grpc/grpc-js";
import { type MessageFns, SessionServiceDefinition } from "../../proto/atomix/runtime/v1/session.js";

/** A request as it arrived; "undecodable" where its bytes are no such message: its caller's mistake. */
export type Received<Message> = Message | "undecodable";

const { fullName, methods } = SessionServiceDefinition;

/** SessionService for grpc-js: its server takes it, and its maker of clients. */
export const sessionServiceMethods = {
  getSession: unary(methods.getSession),
  listSessions: unary(methods.listSessions),
};

interface Generated<Request, Response> {
  readonly name: string;
  readonly requestType: MessageFns<Request>;
  readonly responseType: MessageFns<Response>;
}

function unary<Request, Response>(method: Generated<Request, Response>): MethodDefinition<Received<Request>, Response> {
  const { name, requestType, responseType } = method;
  return {
    path: `/${fullName}/${name}`,
    originalName: name,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message) => bytesOf(requestType, message),
    requestDeserialize: (bytes) => decode(requestType, bytes),
    responseSerialize: (message) => bytesOf(responseType, message),
    responseDeserialize: (bytes) => responseType.decode(bytes),
  };
}

function bytesOf<Message>(type: MessageFns<Message>, message: Received<Message>): Buffer {
  if (message === "undecodable") throw new TypeError("only a request that was received can be undecodable");
  const bytes = type.encode(message).finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decode<Message>(type: MessageFns<Message>, bytes: Uint8Array): Received<Message> {
  try {
    return type.decode(bytes);
  } catch {
    return "undecodable";
  }
}
