// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Is told what happens to the link and to the chip. Derive from it and hand an object to <see cref="Enc28j60Options.Listener"/>.
    /// </summary>
    /// <remarks>
    /// All calls come out of <see cref="Enc28j60.Poll"/> or a call of the same thread. They must not allocate if nothing else may, and
    /// must not call the driver, its properties excepted.
    /// </remarks>
    public class Enc28j60Listener
    {
        /// <summary>
        /// The link came up or went down. A restart of the chip takes the link down too.
        /// </summary>
        /// <param name="isUp">Whether it is up now.</param>
        public virtual void OnLinkChanged(bool isUp)
        {
        }

        /// <summary>
        /// The receiver or the chip is being reset.
        /// </summary>
        /// <param name="reason">Why.</param>
        public virtual void OnRecovery(Enc28j60Recovery reason)
        {
        }

        /// <summary>
        /// Late collisions in such number that the other end of the cable is probably set to full duplex. Told once.
        /// </summary>
        public virtual void OnDuplexMismatch()
        {
        }
    }
}
