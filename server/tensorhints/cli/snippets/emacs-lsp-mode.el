(with-eval-after-load 'lsp-mode
  (setq lsp-inlay-hint-enable t)
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection '("tensorhints" "serve"))
    :activation-fn (lsp-activate-on "python")
    :add-on? t
    :server-id 'tensorhints)))
(add-hook 'python-mode-hook #'lsp)
