// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>
/// Which silicon errata (DS80349C, by its numbers) the model shows: 0 never, 1 always, between the two with that probability at each occasion.
/// </summary>
public sealed class ErrataOptions
{
    private readonly double[] _probability = new double[20];

    /// <summary>
    /// The errata of real silicon. Always: 1 (B1 and B4 only), 2, 5, 12, 14, 15, 16, 17, 19. At every second look: 6. Off, since they strike at random: 9, 10, 13, 18.
    /// </summary>
    public ErrataOptions()
    {
        foreach (int number in (ReadOnlySpan<int>)[1, 2, 5, 12, 14, 15, 16, 17, 19])
        {
            _probability[number] = 1;
        }

        _probability[6] = 0.5;
    }

    /// <summary>
    /// Probability of an erratum, 0 to 1. Modelled: 1, 2, 5, 6, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19. The others are of the circuit around the chip (3, 4, 7, 8, 11)
    /// and nothing that a driver does or sees.
    /// </summary>
    public double this[int number]
    {
        get => _probability[number];
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1);
            _probability[number] = value;
        }
    }

    /// <summary>
    /// The errata of one silicon revision, those included that strike at random: 9 and 10 at every second frame looped back, 13 at every hundredth transmission, 18 at every
    /// hundredth packet that a pattern is compared with.
    /// </summary>
    /// <param name="revision">EREVID: one of the constants of <see cref="ChipOptions"/>.</param>
    public static ErrataOptions For(byte revision)
    {
        bool early = revision is ChipOptions.RevisionB1 or ChipOptions.RevisionB4;
        if (!early && revision is not (ChipOptions.RevisionB5 or ChipOptions.RevisionB7))
        {
            throw new ArgumentOutOfRangeException(nameof(revision), revision, "There is no such silicon.");
        }

        return new ErrataOptions
        {
            [1] = early ? 1 : 0,
            [9] = 0.5,
            [10] = 0.5,
            [13] = early ? 0 : 0.01,
            [18] = 0.01,
        };
    }

    /// <summary>A chip without errata.</summary>
    public static ErrataOptions None()
    {
        var options = new ErrataOptions();
        Array.Clear(options._probability);
        return options;
    }
}
