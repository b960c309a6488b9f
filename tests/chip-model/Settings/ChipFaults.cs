// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Defects of the chip or of its wiring. All off unless set.</summary>
public sealed class ChipFaults
{
    /// <summary>MISO reads as this byte whatever the chip says: 00h or FFh for a line that is stuck.</summary>
    public byte? MisoStuck { get; set; }

    /// <summary>The chip does not take part: no power, no chip select, or not there.</summary>
    public bool Disconnected { get; set; }

    /// <summary>What is read where the chip does not drive MISO.</summary>
    public byte FloatingMiso { get; set; } = 0xFF;

    /// <summary>Probability of one flipped bit in a byte from the chip.</summary>
    public double MisoFlip { get; set; }

    /// <summary>Probability of one flipped bit in a byte to the chip.</summary>
    public double MosiFlip { get; set; }

    /// <summary>The crystal does not swing: CLKRDY stays 0.</summary>
    public bool DeadOscillator { get; set; }

    /// <summary>Memory address with a stuck bit, or -1.</summary>
    public int StuckAddress { get; set; } = -1;

    /// <summary>Mask of the bits at <see cref="StuckAddress"/> that are always one.</summary>
    public byte StuckOnes { get; set; }

    /// <summary>Mask of the bits at <see cref="StuckAddress"/> that are always zero.</summary>
    public byte StuckZeros { get; set; }

    /// <summary>The interrupt pin never moves.</summary>
    public bool InterruptPinDead { get; set; }

    /// <summary>Probability that the host's GPIO misses an edge of the interrupt pin. The level is right.</summary>
    public double InterruptEdgeLoss { get; set; }

    /// <summary>Probability that one bit of a packet's next packet pointer or status vector is wrong in memory.</summary>
    public double HeaderCorruption { get; set; }

    /// <summary>After an overflow, nothing is received until RXRST or a reset.</summary>
    public bool DeafAfterOverflow { get; set; }

    /// <summary>Seed of the flipped bits.</summary>
    public int Seed
    {
        get;
        set
        {
            field = value;
            Random = new SeededRandom(value);
        }
    }

    internal SeededRandom Random { get; private set; } = new(0);
}
