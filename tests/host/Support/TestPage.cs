// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;

namespace HostTests.Support;

/// <summary>A page of a certain length with a counter in it.</summary>
internal sealed class TestPage : HttpPage
{
    private readonly int _counterAt;
    private uint _served;

    public TestPage(string path, int length, WordOrder order)
        : base(path)
    {
        Body = "counter:......\n" + new string('.', Math.Max(0, length - 15));
        string whole = HttpResponse.Header("200 OK", "text/plain", Body.Length, string.Empty) + Body;
        Response = new WordBuffer(whole, order);
        _counterAt = whole.IndexOf("......", StringComparison.Ordinal);
    }

    public string Body { get; }

    public override WordBuffer Response { get; }

    public override void Update(int now) => Response.WriteDecimal(_counterAt, 6, ++_served);
}
