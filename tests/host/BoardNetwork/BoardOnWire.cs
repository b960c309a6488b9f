// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using Firmware;
using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using VirtualBoard.Packets;
using VirtualBoard.Services;

namespace HostTests.BoardNetwork;

/// <summary>The firmware's application over the chip's model, and at the other end of the cable a DHCP and an NTP server, in virtual time.</summary>
internal sealed class BoardOnWire : IEthernetPort
{
    public const uint Router = 0xC0A80101;
    public const uint First = 0xC0A80132;

    private const long Millisecond = 1_000_000;
    private const int FcsLength = 4;

    private static readonly Station s_server = new(0x020000000003, Router);

    private readonly VirtualClock _clock = new();
    private readonly List<byte[]> _sent = [];

    /// <param name="mode">How the board comes by its address.</param>
    /// <param name="plugged">Whether the cable is in from the beginning.</param>
    public BoardOnWire(AddressMode mode, bool plugged = true)
    {
        Chip = new Enc28j60Chip(_clock) { Port = this, LinkUp = plugged };
        BoardHardware hardware = new();
        hardware.Spi.Attach(Board.SpiBus, Board.ChipSelect, Chip);
        BoardHardware.Current = hardware;
        Board.ConfigurePins();
        Application = new Application(
            SpiDevice.Create(new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect) { ClockFrequency = Board.SpiClockFrequency, Mode = Enc28j60.DefaultSpiMode }),
            new Random(1),
            mode);
        Hardware = hardware;
        _clock.Advance(100 * Millisecond);
        Assert.True(Application.TryStart(Now));
    }

    public Enc28j60Chip Chip { get; }

    public BoardHardware Hardware { get; }

    public Application Application { get; }

    public Network Network => Application.Network;

    public DhcpServer? Dhcp { get; set; } = new(Router, 0xFFFFFF00, First, 10);

    /// <summary>All frames of the board so far.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>What steps returned that was no time.</summary>
    public List<int> Ends { get; } = [];

    /// <summary>Who takes the board's frames in place of the servers, which then say nothing; null for nobody.</summary>
    public Action<byte[]>? Taker { get; set; }

    /// <summary>Milliseconds since the power came.</summary>
    public int Now => (int)(_clock.NowNs / Millisecond);

    /// <summary>States of the network, in the order in which they came.</summary>
    public List<NetworkState> States { get; } = [];

    /// <summary>Who else has an address: his MAC address answers whoever asks.</summary>
    public uint TakenAddress { get; set; }

    public void Pass(int milliseconds)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            _clock.Advance(Millisecond);
            int wait = Application.Step(Now);
            if (wait < 0)
            {
                Ends.Add(wait);
            }

            if (States.Count == 0 || States[^1] != Network.State)
            {
                States.Add(Network.State);
            }

            Answer();
        }
    }

    /// <summary>Time passes in which nobody polls.</summary>
    public void Skip(int milliseconds) => _clock.Advance(milliseconds * Millisecond);

    /// <summary>Somebody on the link says something.</summary>
    /// <param name="from">Who.</param>
    /// <param name="fromPort">From which port.</param>
    /// <param name="to">To whom.</param>
    /// <param name="toPort">To which port.</param>
    /// <param name="data">What.</param>
    public void Deliver(Station from, int fromPort, Station to, int toPort, byte[] data)
    {
        byte[] frame = PacketWriter.Datagram(from, fromPort, to, toPort, data);
        Array.Resize(ref frame, Math.Max(frame.Length, 60));
        Assert.True(Chip.Deliver(frame));
    }

    /// <inheritdoc/>
    void IEthernetPort.FrameSent(ReadOnlySpan<byte> frameWithFcs, long timeNs) => _sent.Add(frameWithFcs[..^FcsLength].ToArray());

    private void Answer()
    {
        byte[][] frames = [.. _sent];
        _sent.Clear();
        Sent.AddRange(frames);
        foreach (byte[] frame in frames)
        {
            if (Taker is not null)
            {
                Taker(frame);
            }
            else if (Wire.Get16(frame, 12) == 0x0806)
            {
                AnswerArp(frame);
            }
            else if (IPv4Packet.TryRead(frame, out IPv4Packet packet) && packet.Protocol == IPv4Packet.Udp && packet.TryGetData(frame, out ReadOnlySpan<byte> data))
            {
                AnswerService(frame, packet, data);
            }
        }
    }

    private void AnswerArp(byte[] frame)
    {
        uint asked = Wire.Get32(frame, 38);
        if (frame[21] == 1 && (asked == Router || asked == TakenAddress))
        {
            byte[] reply = [.. frame];
            frame.AsSpan(6, 6).CopyTo(reply);
            Station.WriteMac(reply.AsSpan(6), s_server.Mac);
            reply[21] = 2;
            frame.AsSpan(22, 10).CopyTo(reply.AsSpan(32));
            Station.WriteMac(reply.AsSpan(22), s_server.Mac);
            frame.AsSpan(38, 4).CopyTo(reply.AsSpan(28));
            Assert.True(Chip.Deliver(reply));
        }
    }

    private void AnswerService(byte[] frame, IPv4Packet packet, ReadOnlySpan<byte> data)
    {
        byte[]? answer = null;
        Station to = PacketWriter.SenderOf(frame, packet);
        if (packet.DestinationPort == DhcpMessage.ServerPort && Dhcp?.Answer(DhcpMessage.Read(data)!) is DhcpMessage message)
        {
            answer = message.Bytes.ToArray();
            to = message.WantsBroadcast ? Station.All : new Station(to.Mac, message.GivenAddress);
        }
        else if (packet.DestinationPort == NtpServer.Port)
        {
            answer = NtpServer.Answer(data, new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        }

        if (answer is not null)
        {
            Deliver(s_server, packet.DestinationPort, to, packet.SourcePort, answer);
        }
    }
}
