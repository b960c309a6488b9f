// Licensed under the MIT license. See LICENSE in the repository root.

namespace Benchmarks;

/// <summary>Something to be counted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Begin">Sets it off; not counted.</param>
/// <param name="Work">What the peer does in each turn, given the time in milliseconds; whether the exchange is over. Not counted.</param>
/// <param name="OnBoard">What an application on the board does in each turn with the stack's sockets: their work is counted.</param>
/// <param name="QuietTurns">Turns without any traffic after which it is over for good; few where something else follows by itself.</param>
internal sealed record Exchange(string Name, Action Begin, Func<long, bool> Work, Action? OnBoard = null, int QuietTurns = 40);
