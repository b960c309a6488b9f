// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using System.Text.RegularExpressions;
using Firmware;
using HostTests.Repository;
using TcpIp.Arp;
using TcpIp.Dhcp;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;

namespace HostTests.Stack.Dhcp;

/// <summary>A lease over the driver and the chip's model, and what it takes on the SPI bus.</summary>
public sealed class BoardLeaseTests : IEthernetPort
{
    private const long Millisecond = 1_000_000;
    private const int FcsLength = 4;

    private static readonly uint s_server = IPv4Address.Parse(Board.Gateway);
    private static readonly uint s_leased = IPv4Address.Parse(Board.Address) + 7;

    private readonly VirtualClock _clock = new();
    private readonly Enc28j60Chip _chip;
    private readonly SpiCount _spi;
    private readonly Application _board;
    private readonly List<byte[]> _sent = [];

    public BoardLeaseTests()
    {
        _chip = new Enc28j60Chip(_clock) { Port = this };
        _spi = new SpiCount(_chip);
        BoardHardware hardware = new();
        hardware.Spi.Attach(Board.SpiBus, Board.ChipSelect, _spi);
        BoardHardware.Current = hardware;
        Board.ConfigurePins();
        SpiConnectionSettings settings = new(Board.SpiBus, Board.ChipSelect)
        {
            ClockFrequency = Board.SpiClockFrequency,
            Mode = Iot.Device.Enc28j60.Enc28j60.DefaultSpiMode,
        };

        // the same choices each time: a report that comes again after a random time would be counted now and then
        _board = new Application(SpiDevice.Create(settings), new Random(1), Board.AddressMode);
    }

    private int Now => (int)(_clock.NowNs / Millisecond);

    [Fact]
    public void The_README_says_what_a_lease_takes_on_the_bus()
    {
        _clock.Advance(100 * Millisecond);
        Assert.True(_board.TryStart(Now));

        // what else talks then does so no more
        _board.Network.Mdns.Stop();
        Pass(25_000);
        DhcpConfiguration configuration = new() { StartSpread = 1, Conflicts = ConflictPolicy.None };
        DhcpClient client = new(_board.Stack, _board.Ethernet.MacAddress, new TestRandom(1), configuration);
        _sent.Clear();
        _spi.Begin();
        client.Start();
        for (int i = 0; i < 50; i++)
        {
            _clock.Advance(Millisecond);
            _spi.BeginStep();
            _board.Step(Now);
            client.Poll(Now);
            _spi.EndStep();
            Answer();
        }

        Assert.True(client.IsBound);
        Assert.Equal(s_leased, _board.Stack.IPv4.Address);
        Assert.True(_chip.Violations.Count == 0, _chip.Violations.ToString());
        string readme = Regex.Replace(File.ReadAllText(RepositoryFiles.FullPath("stack/Dhcp/README.md")), @"\s+", " ");
        Assert.Contains($"{_spi.Transactions} SPI transactions of {_spi.Bytes} bytes", readme);
    }

    /// <inheritdoc/>
    void IEthernetPort.FrameSent(ReadOnlySpan<byte> frameWithFcs, long timeNs) => _sent.Add(frameWithFcs[..^FcsLength].ToArray());

    private void Pass(int milliseconds)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            _clock.Advance(Millisecond);
            _board.Step(Now);
        }
    }

    private void Answer()
    {
        foreach (byte[] frame in _sent.Where(f => Wire.Get16(f, 12) == 0x0800 && f[23] == 17))
        {
            // behind the Ethernet, IP and UDP headers
            byte[] question = frame[42..];
            DhcpAnswer answer = new DhcpAnswer(question[242] == DhcpQuestion.Discover ? DhcpAnswer.Offer : DhcpAnswer.Ack, Wire.Get32(question, 4), s_leased)
                .Set(54, s_server)
                .Set(51, 3600u)
                .Set(1, 0xFFFFFF00u)
                .Set(3, s_server)
                .Set(6, s_server);
            Board.CreateMacAddress().CopyTo(answer.Head, 28);
            answer.Tail = [255, .. new byte[300 - answer.ToBytes().Length]];
            byte[] packet = FrameBuilder.Ip(s_server, s_leased, 17, FrameBuilder.Udp(s_server, s_leased, 67, 68, answer.ToBytes()));
            Assert.True(_chip.Deliver(FrameBuilder.Ethernet(Wire.Get48(Board.CreateMacAddress(), 0), 0x020000000003, 0x0800, packet)));
        }

        _sent.Clear();
    }
}
