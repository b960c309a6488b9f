// Licensed under the MIT license. See LICENSE in the repository root.

namespace Benchmarks;

/// <summary>What an exchange cost.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Il">Instructions and calls: all of the turns in which a frame came in or went out; and of the turns that only saw a frame out,
/// what they took more than an idle one.</param>
/// <param name="Turns">Turns in which a frame came in or went out.</param>
/// <param name="OtherTurns">Turns that only saw a frame out, or gave memory back.</param>
/// <param name="WaitingTurns">Turns that found nothing to do, not counted.</param>
/// <param name="FramesIn">Frames that the board received.</param>
/// <param name="FramesOut">Frames that the board sent.</param>
/// <param name="Transactions">SPI transfers, repeated looks and the link's care left out.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="AllTransactions">All SPI transfers from begin to end, waiting included.</param>
internal sealed record ExchangeCost(
    string Name,
    IlCount Il,
    int Turns,
    int OtherTurns,
    int WaitingTurns,
    int FramesIn,
    int FramesOut,
    int Transactions,
    int Bytes,
    int AllTransactions);
