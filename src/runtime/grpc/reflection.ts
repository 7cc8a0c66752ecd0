// Server reflection (v1 and v1alpha) over the descriptors that were made with the code, so that clients without our
// proto files can ask for them. Only SessionService is listed; what an Any of ours holds can be looked up as well.
import type { Server } from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";
import { SessionServiceDefinition } from "../../proto/atomix/runtime/v1/session.js";
import { fileDescriptors } from "../../proto/descriptors.js";

type PackageDefinition = ConstructorParameters<typeof ReflectionService>[0];

/** Adds server reflection to a server. */
export function addReflection(server: Server): void {
  const fileDescriptorProtos = Object.values(fileDescriptors).map((file) => Buffer.from(file, "base64"));
  // Of a package definition the library reads the descriptors only, so one entry carries all of them.
  const files: PackageDefinition = {
    files: { format: "Protocol Buffer 3 DescriptorProto", type: {}, fileDescriptorProtos } as never,
  };
  new ReflectionService(files, { services: [SessionServiceDefinition.fullName] }).addToServer(server);
}
