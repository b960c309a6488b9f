// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Threading
{
    /// <content>
    /// The options by the numbers that Winsock gave them, and System.Net after it.
    /// </content>
    public sealed partial class SocketHost
    {
        private const int LevelIP = 0;
        private const int LevelTcp = 6;
        private const int LevelSocket = 0xFFFF;

        /// <summary>
        /// Finds an option.
        /// </summary>
        /// <param name="level">Whose it is: 0 IP's, 6 TCP's, 0xFFFF any socket's.</param>
        /// <param name="name">Its number there. SO_DONTLINGER finds <see cref="HostOption.Linger"/>, whose -1 says the same.</param>
        /// <returns>The option, or a negative one if there is none here.</returns>
        public static HostOption FindOption(int level, int name)
        {
            switch (level)
            {
                case LevelSocket:
                    return FindSocketOption(name);

                case LevelTcp:
                    return name == 1 ? HostOption.NoDelay : (HostOption)(-1);

                case LevelIP:
                    switch (name)
                    {
                        case 4:
                            return HostOption.TimeToLive;
                        case 9:
                            return HostOption.MulticastInterface;
                        case 10:
                            return HostOption.MulticastTimeToLive;
                        case 11:
                            return HostOption.MulticastLoopback;
                        case 14:
                            return HostOption.DontFragment;
                    }

                    break;
            }

            return (HostOption)(-1);
        }

        private static HostOption FindSocketOption(int name)
        {
            switch (name)
            {
                case 0x0004:
                    return HostOption.ReuseAddress;
                case 0x0008:
                    return HostOption.KeepAlive;
                case 0x0020:
                    return HostOption.Broadcast;
                case 0x0080:
                case ~0x0080:
                    return HostOption.Linger;
                case ~0x0004:
                    return HostOption.ExclusiveAddressUse;
                case 0x1001:
                    return HostOption.SendBuffer;
                case 0x1002:
                    return HostOption.ReceiveBuffer;
                case 0x1005:
                    return HostOption.SendTimeout;
                case 0x1006:
                    return HostOption.ReceiveTimeout;
                case 0x1007:
                    return HostOption.Error;
                case 0x1008:
                    return HostOption.Type;
                default:
                    return (HostOption)(-1);
            }
        }
    }
}
