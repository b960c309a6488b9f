// Licensed under the MIT license. See LICENSE in the repository root.

using Firmware;
using TcpIp;
using TcpIp.Http;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;

namespace Benchmarks;

/// <summary>
/// The firmware as it is flashed over the chip model, a scripted peer at the other end of the cable, and a clock that only this moves:
/// two runs count the same. A turn is one round of the firmware's loop; while frames come it goes round ten times a millisecond,
/// else after it has slept for as long as it wants to.
/// </summary>
internal sealed class BoardRig : IDisposable
{
    private const long Millisecond = 1_000_000;
    private const long BusyTurn = 100_000;

    // in which the board announces its name, and tells routers of the group
    private const int StartTime = 25_000;

    // the loop goes slower some time after the last frame, and our address has been announced
    private const int SettleTime = 500;
    private const int Longest = 200_000;

    private readonly VirtualClock _clock = new();
    private readonly Enc28j60Chip _chip;
    private readonly SpiRecorder _spi;
    private readonly FirmwareThread _firmware;

    public BoardRig(AddressMode mode = AddressMode.Static)
    {
        IlCounter.Mode = mode;
        _chip = new Enc28j60Chip(_clock);
        var wire = new VirtualWire(_clock);
        wire.Connect("board", _chip);
        Peer = new Peer(wire);
        _spi = new SpiRecorder(_chip);
        var hardware = new BoardHardware();
        hardware.Spi.Attach(Board.SpiBus, Board.ChipSelect, _spi);
        _clock.Advance(100 * Millisecond);
        _firmware = new FirmwareThread(hardware, () => Now);
        while (!_firmware.Application.Ethernet.IsLinkUp)
        {
            Pass(10);
        }

        Pass(StartTime);
        Idle = IlCounter.Snapshot();
        Idle = Idle.Minus(Idle);
    }

    public Peer Peer { get; }

    public HttpServer Server => _firmware.Application.Http;

    public Network Network => _firmware.Application.Network;

    public TcpIpStack Stack => _firmware.Application.Stack;

    public long Now => _clock.NowNs / Millisecond;

    /// <summary>What a turn takes in which nothing is due, as of the last <see cref="MeasureIdle"/>.</summary>
    public IlCount Idle { get; private set; }

    /// <summary>Lets time pass.</summary>
    /// <param name="milliseconds">How long.</param>
    public void Pass(int milliseconds)
    {
        long end = Now + milliseconds;
        while (Now < end)
        {
            Turn();
            Peer.Work();
        }
    }

    /// <summary>Counts turns in which no frame comes or goes.</summary>
    /// <param name="milliseconds">For how long.</param>
    /// <returns>The turns, what they took together, and the cheapest: nothing was due in it.</returns>
    public (int Turns, IlCount All, IlCount Least) MeasureIdle(int milliseconds)
    {
        Pass(SettleTime);
        long end = Now + milliseconds;
        int turns = 0;
        IlCount before = IlCounter.Snapshot();
        IlCount least = before;
        IlCount last = before;
        while (Now < end)
        {
            Turn();
            IlCount now = IlCounter.Snapshot();
            IlCount turn = now.Minus(last);
            least = turns == 0 || turn.Total < least.Total ? turn : least;
            last = now;
            turns++;
        }

        Idle = least;
        return (turns, last.Minus(before), least);
    }

    /// <summary>Runs an exchange to its end and counts it.</summary>
    /// <param name="exchange">The exchange.</param>
    public ExchangeCost Measure(Exchange exchange)
    {
        var cost = new ExchangeCost(exchange.Name, Idle.Minus(Idle), 0, 0, 0, 0, 0, 0, 0, 0);
        exchange.Begin();
        int quiet = 0;
        for (int i = 0; quiet < exchange.QuietTurns; i++)
        {
            if (i == Longest)
            {
                throw new InvalidOperationException($"{exchange.Name} never ends.");
            }

            IlCount before = IlCounter.Snapshot();
            Turn();
            if (exchange.OnBoard is not null)
            {
                IlCounter.Start();
                exchange.OnBoard();

                // as an application does that has the loop: what it has read or written is told of now, and not in the next turn
                Stack.Flush(0);
                IlCounter.Stop();
            }

            cost = Add(cost, IlCounter.Snapshot().Minus(before));
            Peer.Work();
            bool isOver = exchange.Work(Now);
            quiet = isOver && _spi.Effects == 0 ? quiet + 1 : 0;
        }

        return cost;
    }

    /// <summary>
    /// The cheapest of several runs of the same short exchange: in the others something else fell due. The first two are left out, in which
    /// the board has yet to learn what the peer says each time.
    /// </summary>
    /// <param name="exchange">The exchange.</param>
    public ExchangeCost MeasureBest(Exchange exchange)
    {
        Measure(exchange);
        Measure(exchange);
        return Enumerable.Range(0, 8).Select(_ => Measure(exchange)).MinBy(c => (c.Transactions * 1000000L) + c.Il.Total)!;
    }

    /// <summary>Throws if the model has seen the driver do what the chip does not allow, or if frames are missing.</summary>
    public void CheckClean()
    {
        int total = Enumerable.Range(0, Stack.Pool.Classes).Sum(Stack.Pool.Total);
        if (_chip.Violations.Count > 0 || Stack.Pool.Free != total)
        {
            throw new InvalidOperationException($"violations: {_chip.Violations}, free frames: {Stack.Pool.Free} of {total}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _firmware.Dispose();

    private void Turn()
    {
        _clock.Advance(_firmware.Asked == 0 ? BusyTurn : _firmware.Asked * Millisecond);
        _spi.BeginTurn();
        _firmware.Turn();
    }

    private ExchangeCost Add(ExchangeCost cost, IlCount turn)
    {
        cost = cost with { AllTransactions = cost.AllTransactions + _spi.AllTransactions };
        bool hasTraffic = _spi.FramesTaken + _spi.FramesGiven > 0;
        if (!hasTraffic && _spi.Effects == 0)
        {
            return cost with { WaitingTurns = cost.WaitingTurns + 1 };
        }

        return cost with
        {
            Il = cost.Il.Plus(hasTraffic ? turn : turn.Minus(Idle)),
            Turns = cost.Turns + (hasTraffic ? 1 : 0),
            OtherTurns = cost.OtherTurns + (hasTraffic ? 0 : 1),
            FramesIn = cost.FramesIn + _spi.FramesTaken,
            FramesOut = cost.FramesOut + _spi.FramesGiven,
            Transactions = cost.Transactions + _spi.Transactions,
            Bytes = cost.Bytes + _spi.Bytes,
        };
    }
}
