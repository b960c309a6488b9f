// Licensed under the MIT license. See LICENSE in the repository root.

namespace nanoFramework.Runtime.Native;

/// <summary>Called before the device restarts.</summary>
public delegate void RebootEventHandler();
