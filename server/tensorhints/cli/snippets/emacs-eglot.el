(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((python-mode python-ts-mode) . ("tensorhints" "serve")))
  ;; Eglot requests hints after edits; a run produces more later, and the server sends a refresh.
  (cl-defmethod eglot-client-capabilities :around (_server)
    (let ((capabilities (cl-call-next-method)))
      (plist-put (plist-get capabilities :workspace) :inlayHint '(:refreshSupport t))
      capabilities))
  (cl-defmethod eglot-handle-request (server (_method (eql workspace/inlayHint/refresh)))
    (dolist (buffer (eglot--managed-buffers server))
      (with-current-buffer buffer
        (when eglot-inlay-hints-mode
          (eglot--update-hints-1 (point-min) (point-max))))))
  ;; Eglot fills in the first answer to a question, which hides the others.
  (cl-defmethod eglot-handle-request
    (_server (_method (eql window/showMessageRequest)) &key message actions &allow-other-keys)
    (let ((answers (mapcar (lambda (action) (plist-get action :title)) actions)))
      (minibuffer-with-setup-hook (lambda () (redisplay) (minibuffer-completion-help))
        (list :title (completing-read (concat message "\nAnswer: ") answers nil t))))))
(add-hook 'eglot-managed-mode-hook
          (lambda () ; Show what is known at once, without waiting for other sources.
            (setq-local eldoc-documentation-strategy #'eldoc-documentation-compose-eagerly)))
(add-hook 'python-mode-hook #'eglot-ensure)
(add-hook 'python-ts-mode-hook #'eglot-ensure)
