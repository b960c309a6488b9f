// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;

namespace HostTests.ZeroAllocation;

/// <summary>
/// A web server and a client, each on a stack of its own, with a cable between them and time that moves a millisecond per round.
/// </summary>
internal sealed class TwoStacks
{
    private int _now;

    public TwoStacks(WordOrder serverOrder, WordOrder clientOrder, Func<WordOrder, HttpPage> page)
    {
        (ServerInterface, ClientInterface) = MemoryInterface.CreatePair(32, serverOrder, clientOrder);
        Server = new TcpIpStack(new StackConfiguration(), ServerInterface, new SeededRandom(0x1234567));
        Client = new TcpIpStack(new StackConfiguration(), ClientInterface, new SeededRandom(0x89ABCDE));
        uint netmask = IPv4Address.Parse("255.255.255.0");
        uint serverAddress = IPv4Address.Parse("10.0.0.1");
        Server.Configure(serverAddress, netmask, 0);
        Client.Configure(IPv4Address.Parse("10.0.0.2"), netmask, 0);
        Http = new HttpServer(Server.Sockets, serverOrder, 80, 2, [page(serverOrder)]);
        WebClient = new WebClient(Client.Sockets, serverAddress, 80, "GET / HTTP/1.1\r\nHost: 10.0.0.1\r\nUser-Agent: test\r\nConnection: close\r\n\r\n");

        // a wrapping clock is part of what must not allocate
        _now = int.MaxValue - 500;
    }

    public MemoryInterface ServerInterface { get; }

    public MemoryInterface ClientInterface { get; }

    public TcpIpStack Server { get; }

    public TcpIpStack Client { get; }

    public HttpServer Http { get; }

    public WebClient WebClient { get; }

    /// <summary>Runs until so many more pages were read, or for so long that something must be wrong.</summary>
    public void Run(int requests)
    {
        int target = WebClient.Pages + requests;
        for (int rounds = 0; WebClient.Pages < target && rounds < requests * 2000; rounds++)
        {
            Round();
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Wait(int milliseconds)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            _now++;
            Server.Poll(_now);
            Http.Poll(_now);
            Client.Poll(_now);
        }
    }

    private void Round()
    {
        _now++;
        Client.Poll(_now);
        WebClient.Step();
        Server.Poll(_now);
        Http.Poll(_now);
    }
}
