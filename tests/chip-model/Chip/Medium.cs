// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>
/// What others do on the cable in half duplex: scripted collisions, a busy medium, and a partner with another idea of the duplex mode (IEEE 802.3 clause 4; erratum 13).
/// </summary>
internal sealed class Medium(ChipBlocks chip) : Block(chip)
{
    internal const long JamNs = 4 * Enc28j60Chip.ByteTimeNs;
    private const int MaxScripted = 256;
    internal const int NoCollision = -1;

    // Per attempt: the byte of the frame at which a collision happens, and bit 16 for a false one.
    private readonly int[] _scripted = new int[MaxScripted];
    private int _scriptedHead;
    private int _scriptedCount;

    internal long BusyUntil { get; private set; }

    internal bool PartnerDefers => !(PartnerFullDuplex ?? Registers.FullDuplex);

    internal bool? PartnerFullDuplex { get; set; }

    internal void OccupyMedium(long ns)
    {
        Clock.Enter();
        try
        {
            BusyUntil = Math.Max(BusyUntil, Clock.NowNs) + ns;
            Chip.Transmit.Plan();
            Chip.Receive.Plan();
            Chip.Agenda.Replan();
        }
        finally
        {
            Clock.Exit();
        }
    }

    internal void Script(int atByte, int attempts, bool isFalse)
    {
        Clock.Enter();
        try
        {
            for (int i = 0; i < attempts && _scriptedCount < MaxScripted; i++)
            {
                int entry = atByte < 0 ? NoCollision : atByte | (isFalse ? 1 << 16 : 0);
                _scripted[(_scriptedHead + _scriptedCount) % MaxScripted] = entry;
                _scriptedCount++;
            }
        }
        finally
        {
            Clock.Exit();
        }
    }

    /// <summary>Byte at which the attempt that starts now collides, or -1; and whether it is a link pulse that is taken for a collision (erratum 13).</summary>
    internal (int AtByte, bool IsFalse) NextCollision()
    {
        if (_scriptedCount > 0)
        {
            int entry = _scripted[_scriptedHead];
            _scriptedHead = (_scriptedHead + 1) % MaxScripted;
            _scriptedCount--;
            if (entry < 0)
            {
                return (NoCollision, false);
            }

            return (Math.Min(entry & 0xFFFF, Math.Max(0, Chip.Packet.Length - 1)), entry >> 16 != 0);
        }

        if (Strikes(13))
        {
            return (Random.Below(Math.Max(1, Chip.Packet.Length)), true);
        }

        return (NoCollision, false);
    }
}
