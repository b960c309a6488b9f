// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>
/// Which silicon errata (DS80349C, by its numbers) the model shows: 0 never, 1 always, between the two with that probability at each occasion.
/// </summary>
public sealed class ErrataOptions
{
    private readonly double[] _probability = new double[20];

    /// <summary>
    /// The errata of real silicon. Always: 1 (B1 and B4 only), 2, 5, 12, 14, 15, 16, 17, 19. At every second look: 6. Off, since they strike at random: 13, 18.
    /// </summary>
    public ErrataOptions()
    {
        foreach (int number in (ReadOnlySpan<int>)[1, 2, 5, 12, 14, 15, 16, 17, 19])
        {
            _probability[number] = 1;
        }

        _probability[6] = 0.5;
    }

    /// <summary>Probability of an erratum, 0 to 1. Modelled: 1, 2, 5, 6, 12, 13, 14, 15, 16, 17, 18, 19.</summary>
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

    /// <summary>A chip without errata.</summary>
    public static ErrataOptions None()
    {
        var options = new ErrataOptions();
        Array.Clear(options._probability);
        return options;
    }
}
