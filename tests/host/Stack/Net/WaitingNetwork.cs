// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.ZeroAllocation;
using TcpIp.Net;
using TcpIp.Sockets;

namespace HostTests.Stack.Net;

/// <summary>
/// Our stack, whose calls wait, and another at the other end of a cable, on which a partner works that never waits.
/// </summary>
internal sealed class WaitingNetwork
{
    public static readonly uint OurAddress = IPv4Address.Parse("10.0.0.1");
    public static readonly uint TheirAddress = IPv4Address.Parse("10.0.0.2");

    /// <summary>An address on the link that nobody has.</summary>
    public static readonly uint NobodysAddress = IPv4Address.Parse("10.0.0.99");

    /// <summary>An address behind a gateway that there is not.</summary>
    public static readonly uint FarAddress = IPv4Address.Parse("192.0.2.1");

    private readonly int _start = int.MaxValue - 700;

    public WaitingNetwork(
        WordOrder order = WordOrder.LowByteFirst, WordOrder theirOrder = WordOrder.LowByteFirst, Action<StackConfiguration>? configure = null)
    {
        StackConfiguration configuration = new() { GuardFrames = true };
        configure?.Invoke(configuration);
        (OurInterface, TheirInterface) = MemoryInterface.CreatePair(32, order, theirOrder);
        Ours = new TcpIpStack(configuration, OurInterface, new SeededRandom(0x1234567));
        Theirs = new TcpIpStack(new StackConfiguration { GuardFrames = true }, TheirInterface, new SeededRandom(0x89ABCDE));
        uint netmask = IPv4Address.Parse("255.255.255.0");
        Now = _start;
        Ours.Poll(Now);
        Theirs.Poll(Now);
        Ours.Configure(OurAddress, netmask, 0);
        Theirs.Configure(TheirAddress, netmask, 0);
        Runner = new VirtualRunner(Ours, this);
        Sockets = new WaitingSockets(Runner);
    }

    public MemoryInterface OurInterface { get; }

    public MemoryInterface TheirInterface { get; }

    public TcpIpStack Ours { get; }

    public TcpIpStack Theirs { get; }

    public VirtualRunner Runner { get; }

    public WaitingSockets Sockets { get; }

    public SocketLayer Layer => Ours.Sockets;

    /// <summary>Gets or sets what goes on at the other end.</summary>
    public IBackgroundWork? Partner { get; set; }

    /// <summary>Gets the virtual time in milliseconds; it wraps soon after the start.</summary>
    public int Now { get; private set; }

    /// <summary>Gets the milliseconds since the start.</summary>
    public int Elapsed => Now - _start;

    /// <summary>Gets a value indicating whether a frame waits for us.</summary>
    public bool HasArrived => OurInterface.Poll(Now) == 0;

    /// <summary>A millisecond passes, in which the other side works.</summary>
    public void Tick()
    {
        Now++;
        Theirs.Poll(Now);
        if (Partner != null)
        {
            Partner.Poll(Now);
            Theirs.Poll(Now);
        }
    }

    /// <summary>Makes a socket at the other end that listens.</summary>
    public int TheirListener(int port, int backlog = 4)
    {
        int listener = Theirs.Sockets.Socket();
        Assert.Equal(0, Theirs.Sockets.Bind(listener, port));
        Assert.Equal(0, Theirs.Sockets.Listen(listener, backlog));
        return listener;
    }

    /// <summary>Makes a socket at our end that listens.</summary>
    public int OurListener(int port, int backlog = 4)
    {
        int listener = Layer.Socket();
        Assert.Equal(0, Layer.Bind(listener, port));
        Assert.Equal(0, Layer.Listen(listener, backlog));
        return listener;
    }

    /// <summary>Connects to a listener at the other end.</summary>
    /// <returns>Our socket and theirs.</returns>
    public (int Ours, int Theirs) Connect(int port = 7)
    {
        int listener = TheirListener(port);
        int socket = Layer.Socket();
        Assert.Equal(0, Sockets.Connect(socket, TheirAddress, port, 5000));
        Runner.Wait(10);
        int accepted = Theirs.Sockets.Accept(listener);
        Assert.True(accepted >= 0);
        Theirs.Sockets.Close(listener);
        return (socket, accepted);
    }

    /// <summary>Closes whatever is open at both ends; then nothing may be missing.</summary>
    public void Finish()
    {
        Partner = null;
        Runner.Background = null;
        OurInterface.LoseEvery = 0;
        TheirInterface.LoseEvery = 0;
        CloseAll(Ours);
        CloseAll(Theirs);
        Runner.Wait(300_000);
        AssertWhole(Ours);
        AssertWhole(Theirs);
    }

    private static void CloseAll(TcpIpStack stack)
    {
        SocketStatus status = new();
        for (int row = 0; row < stack.Sockets.Count; row++)
        {
            if (stack.Sockets.GetStatus(row, status))
            {
                stack.Sockets.Abort(status.Descriptor);
            }
        }
    }

    private static void AssertWhole(TcpIpStack stack)
    {
        Assert.Equal(0, stack.Tcp.BlocksInUse);
        for (int i = 0; i < stack.Pool.Classes; i++)
        {
            Assert.Equal(0, stack.Pool.InUse(i));
        }

        Assert.Equal(0u, stack.Pool.DoubleReturns + stack.Pool.UsesAfterReturn);
    }
}
