// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace System.Security.Cryptography.X509Certificates
{
    /// <summary>
    /// A certificate as bytes. Nobody reads it here, for there is no TLS: what stands in it cannot be asked.
    /// </summary>
    public partial class X509Certificate
    {
        internal const string NotRead = "Certificates are not read here: there is no TLS over this network.";

        // the firmware's native code knows the fields by their order
        private readonly byte[] _certificate;

        /// <summary>Who has issued it.</summary>
        protected string _issuer;

        /// <summary>Whose it is.</summary>
        protected string _subject;

        /// <summary>From when on it is good.</summary>
        protected DateTime _effectiveDate;

        /// <summary>Until when it is good.</summary>
        protected DateTime _expirationDate;

        /// <summary>Not used here.</summary>
        protected byte[] _handle;

        /// <summary>Not used here either.</summary>
        protected byte[] _sessionHandle;

        /// <summary>
        /// Initializes a new instance of the <see cref="X509Certificate"/> class without bytes.
        /// </summary>
        public X509Certificate()
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="X509Certificate"/> class.
        /// </summary>
        /// <param name="certificate">The certificate, which is kept and not read.</param>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        public X509Certificate(byte[] certificate)
        {
            if (certificate == null)
            {
                throw new ArgumentNullException(nameof(certificate));
            }

            _certificate = certificate;
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="X509Certificate"/> class.
        /// </summary>
        /// <param name="certificate">The certificate as text (PEM), which is kept and not read.</param>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        public X509Certificate(string certificate)
            : this(certificate == null ? null : Encoding.UTF8.GetBytes(certificate))
        {
        }

        /// <summary>Gets who has issued it.</summary>
        /// <exception cref="NotSupportedException">Nobody has said, for it is not read here.</exception>
        public virtual string Issuer
        {
            get
            {
                if (_issuer == null)
                {
                    throw new NotSupportedException(NotRead);
                }

                return _issuer;
            }
        }

        /// <summary>Gets whose it is.</summary>
        /// <exception cref="NotSupportedException">Nobody has said, for it is not read here.</exception>
        public virtual string Subject
        {
            get
            {
                if (_subject == null)
                {
                    throw new NotSupportedException(NotRead);
                }

                return _subject;
            }
        }

        /// <summary>
        /// From when on it is good.
        /// </summary>
        /// <returns>The time.</returns>
        /// <exception cref="NotSupportedException">Nobody has said, for it is not read here.</exception>
        public virtual DateTime GetEffectiveDate()
        {
            if (_effectiveDate.Ticks == 0)
            {
                throw new NotSupportedException(NotRead);
            }

            return _effectiveDate;
        }

        /// <summary>
        /// Until when it is good.
        /// </summary>
        /// <returns>The time.</returns>
        /// <exception cref="NotSupportedException">Nobody has said, for it is not read here.</exception>
        public virtual DateTime GetExpirationDate()
        {
            if (_expirationDate.Ticks == 0)
            {
                throw new NotSupportedException(NotRead);
            }

            return _expirationDate;
        }

        /// <summary>
        /// The bytes that it was made of.
        /// </summary>
        /// <returns>The bytes themselves, or null.</returns>
        public virtual byte[] GetRawCertData() => _certificate;
    }
}
