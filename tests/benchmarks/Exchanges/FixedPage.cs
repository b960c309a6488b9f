// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Http;

namespace Benchmarks;

/// <summary>A page of a given length that never changes.</summary>
internal sealed class FixedPage(string path, int length, WordOrder order) : HttpPage(path)
{
    private readonly WordBuffer _response = new(HttpResponse.Header("200 OK", "text/plain", length, string.Empty) + new string('x', length), order);

    /// <inheritdoc/>
    public override WordBuffer Response => _response;

    /// <inheritdoc/>
    public override void Update(int now)
    {
    }
}
