// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using Firmware;
using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;

namespace HostTests.ZeroAllocation;

/// <summary>
/// The firmware's application as it is flashed, with driver and page, over the SPI stand-in and the chip model; at the other end of
/// the chip's cable a client on a second stack.
/// </summary>
internal sealed class BoardAndClient
{
    private const long Millisecond = 1_000_000;

    public BoardAndClient(SpiWordOrder wordOrder, string path = StatusPage.StatusPath)
    {
        Clock = new VirtualClock();
        Chip = new Enc28j60Chip(Clock);
        Peer = new ChipPeer(Chip, 32);

        BoardHardware hardware = new();
        hardware.Spi.WordOrder = wordOrder;
        hardware.Spi.Attach(Board.SpiBus, Board.ChipSelect, Chip);
        BoardHardware.Current = hardware;
        Board.ConfigurePins();
        Application = new Application(SpiDevice.Create(new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect)
        {
            ClockFrequency = Board.SpiClockFrequency,
            Mode = Enc28j60.DefaultSpiMode,
        }));

        uint server = IPv4Address.Parse(Board.Address);
        Client = new TcpIpStack(new StackConfiguration(), Peer, new SeededRandom(0x89ABCDE));
        Client.Configure(server + 1, IPv4Address.Parse(Board.Netmask), 0);
        WebClient = new WebClient(Client.Sockets, server, Board.HttpPort, $"GET {path} HTTP/1.1\r\nHost: board\r\nUser-Agent: test\r\nConnection: close\r\n\r\n");
    }

    public VirtualClock Clock { get; }

    public Enc28j60Chip Chip { get; }

    public ChipPeer Peer { get; }

    public Application Application { get; }

    public TcpIpStack Client { get; }

    public WebClient WebClient { get; }

    private int Now => (int)(Clock.NowNs / Millisecond);

    /// <summary>Starts the chip and waits for the link.</summary>
    public bool TryStart()
    {
        Clock.Advance(100 * Millisecond);
        if (!Application.TryStart(Now))
        {
            return false;
        }

        for (int i = 0; i < 1000 && !Application.Ethernet.IsLinkUp; i++)
        {
            Clock.Advance(Millisecond);
            Application.Step(Now);
        }

        return Application.Ethernet.IsLinkUp;
    }

    /// <summary>Runs until so many more pages were read, or for so long that something must be wrong.</summary>
    public void Run(int requests)
    {
        int target = WebClient.Pages + requests;
        for (int rounds = 0; WebClient.Pages < target && rounds < requests * 2000; rounds++)
        {
            Round();
        }
    }

    private void Round()
    {
        Clock.Advance(Millisecond);
        Client.Poll(Now);
        WebClient.Step();
        Application.Step(Now);
    }
}
