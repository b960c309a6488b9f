// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;

namespace HostTests.ZeroAllocation;

/// <summary>A page of several segments with a number in it.</summary>
internal class DigitsPage : HttpPage
{
    private const string Field = "          ";

    private readonly int _numberAt;
    private uint _updates;

    public DigitsPage(WordOrder order, int bodyLength)
        : base("/")
    {
        string body = Field + new string('x', bodyLength - Field.Length);
        string header = HttpResponse.Header("200 OK", "text/plain", body.Length, string.Empty);
        _numberAt = header.Length;
        Response = new WordBuffer(header + body, order);
    }

    public override WordBuffer Response { get; }

    public override void Update(int now) => Response.WriteDecimal(_numberAt, Field.Length, ++_updates);
}
