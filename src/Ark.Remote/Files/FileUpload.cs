using Ark.Remote.Ssh;

namespace Ark.Remote.Files;

internal static class FileUpload
{
    internal static Task<UploadResult> SendAsync(
        IRemoteShell shell, Stream content, string remotePath, UploadOptions options, IProgress<long>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
