// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Link;

namespace TcpIp.Threading
{
    /// <summary>
    /// What the network thread asks of a controller beyond <see cref="INetworkInterface"/>: to be found, to be started, and to be slept on.
    /// </summary>
    /// <remarks>
    /// All but <see cref="Sleep"/> and <see cref="Wake"/> are called with the lock held, and may talk to the chip; these two are not, and may not.
    /// </remarks>
    public abstract class NetworkController
    {
        /// <summary>Gets the driver.</summary>
        public abstract INetworkInterface Interface { get; }

        /// <summary>
        /// Gets the milliseconds after a frame for which the network thread does not sleep but only lets others run: more are likely to follow.
        /// 0 where a sleep ends with the frame.
        /// </summary>
        public virtual int StayAwake => 0;

        /// <summary>Gets the longest sleep in milliseconds.</summary>
        public virtual int LongestSleep => 1000;

        /// <summary>
        /// Looks for the controller. After it the driver knows its word order.
        /// </summary>
        /// <returns>Null if it is there, or a sentence that says what is wrong.</returns>
        public virtual string Find() => null;

        /// <summary>
        /// What the stack draws its random numbers from where <see cref="EthernetConfiguration.Random"/> names nothing. It is asked for once, after
        /// <see cref="Find"/> and before <see cref="Start"/>.
        /// </summary>
        /// <returns>A source that is used with the lock held; or null for the runtime's generator.</returns>
        public virtual RandomSource CreateRandom() => null;

        /// <summary>
        /// Starts the driver, once the frames are made.
        /// </summary>
        /// <param name="pool">The frames.</param>
        public virtual void Start(FramePool pool)
        {
        }

        /// <summary>
        /// The network thread is about to sleep: what arrives from now on shall wake it.
        /// </summary>
        public virtual void BeginSleep()
        {
        }

        /// <summary>
        /// Sleeps until something arrives, or <see cref="Wake"/> was called since the last sleep, or the time is over. Any earlier return is allowed.
        /// </summary>
        /// <param name="milliseconds">How long at most; 0 only lets other threads run.</param>
        public abstract void Sleep(int milliseconds);

        /// <summary>
        /// The sleep is over.
        /// </summary>
        public virtual void EndSleep()
        {
        }

        /// <summary>
        /// Ends the network thread's sleep, or the next one if it does not sleep. Any thread may call it.
        /// </summary>
        public abstract void Wake();
    }
}
