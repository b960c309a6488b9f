// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard;

/// <summary>Something that the user has to change before it works. The message says what.</summary>
public sealed class SetupException : Exception
{
    /// <summary>With a message for the user.</summary>
    public SetupException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for the user and its cause.</summary>
    public SetupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
